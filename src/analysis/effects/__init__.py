"""Effects: a frozen design in, a frozen result out; one module for each estimator."""
