"""Each charger as a known load: are the CTs where they should be?"""
