"""What each side may see. Open requests are few: whoever looks opens their routing one by one."""
