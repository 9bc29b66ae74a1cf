"""查错 Looks the written catalogue over: double phrases, shadows, near twins, gaps, dead links."""
