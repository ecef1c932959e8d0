"""What the portal is measured by: ratios against a floor or a peer, in one run, because machines are noisy."""
