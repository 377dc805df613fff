"""What experiments import: configs become hashes, hashes become directories. The engine never imports this package."""
