TíeQDH
YÚÃ|A¼e€š,LO™Iu8m?¤9”aìo>Ç@þÝÈŠc=£G_øè"ø«yUÍ¡rC