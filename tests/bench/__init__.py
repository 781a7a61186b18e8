"""How fast the portal answers, as ratios to a bare Django view under the same settings in the same run."""
