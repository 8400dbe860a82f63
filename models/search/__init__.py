"""Search over compounds, buildings, homes, places and organisations: words.py keeps it true, finding.py answers."""
