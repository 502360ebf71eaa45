"""The studio's own drawing machine: every picture of the demo shop, from seeds, with Pillow and nothing else.

`python -m products.demo.art` draws what is missing. The same seed and the same Pillow give the same bytes.
"""
