"""How well paper forms are read: invented 様式 files with their gold fields, and the measure."""
