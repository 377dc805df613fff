"""What the code builds: values, configs, sites and identities. Knows nothing of stored runs."""
