"""微信公众号: the WeChat Official Account, and what WeCom shares with it."""
