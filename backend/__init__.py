"""The office (后台): catalogue, people, cases, reports, handoffs over one aiohttp API on MongoDB."""
