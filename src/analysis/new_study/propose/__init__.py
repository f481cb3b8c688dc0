"""What a study file should say of the samples, with a reason for each guess."""
