int vl_one = 1;
