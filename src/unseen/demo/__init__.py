"""The demonstration: the whole path on a simulated clock, judged by judges that do not trust the engine."""
