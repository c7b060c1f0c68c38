"""Times: what a text means by 今年, 上月 and 「十五五」, to the day."""
