"""What in a text is personal: patterns with validators, context and names, in time linear in its length.

The plain value never leaves here: a finding says where something stands and what it is.
"""

from letopis.privacy.detection.finding import Category, Finding, Sensitivity

__all__ = ["Category", "Finding", "Sensitivity"]
