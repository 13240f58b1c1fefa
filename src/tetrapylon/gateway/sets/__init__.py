"""Labelled cases by which guards are measured, as data: our own words, fixed, and told apart from the samples of rules."""
