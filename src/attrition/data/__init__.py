"""What is reported: dossiers, claims and recorded counts, what they mean and where they clash."""
