"""The commands of `copydesk`: what they take, what they tell; the work is done elsewhere."""
