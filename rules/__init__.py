"""The law and the service levels as dated data, and the small engines that read them.

Pure: reads only the TOML tables of this package, once, and no clock.
"""
