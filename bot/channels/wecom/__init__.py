"""企业微信客服: citizens who write to the office's WeCom customer service from WeChat."""
