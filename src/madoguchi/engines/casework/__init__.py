"""Casework: what the office does about everything a person asks. Other apps import only ``casework.api``."""
