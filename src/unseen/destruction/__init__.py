"""After withdrawal: when every stage has stopped, the keys are destroyed, and what they sealed with them."""
