"""Pages of the desk: the queue, a case, its actions, the correction."""
