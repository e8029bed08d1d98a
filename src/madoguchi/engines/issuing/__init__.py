"""issuing — 交付: documents given to residents (decision letters, certificates), their numbers, authenticity and delivery."""
