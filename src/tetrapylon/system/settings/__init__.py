"""The settings of Tetrapylon itself: one file for each, with its safe value, why, and the risk."""
