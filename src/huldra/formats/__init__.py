"""What both halves share: what a run is called and where it lies. Knows neither source code nor a running process."""
