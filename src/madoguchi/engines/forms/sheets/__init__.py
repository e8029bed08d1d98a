"""様式第n号: how a form looks on paper, as data, and its PDF. What is asked and judged is not decided here."""
