"""The page of an exported module: HTML, style and script."""
