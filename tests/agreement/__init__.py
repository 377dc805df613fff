"""Agreement by generation: what the engine predicts for a program is what the runtime computes when it runs."""
