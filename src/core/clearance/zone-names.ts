/**
 * Names of time zones that other programs write, and the IANA zone of each: those of Windows (Unicode CLDR, windowsZones) and of
 * Ruby on Rails. A line per zone, its names separated by semicolons.
 */
export const ZONE_NAMES = `
Etc/GMT+12 Dateline Standard Time;International Date Line West
Etc/GMT+11 UTC-11
America/Adak Aleutian Standard Time
Pacific/Honolulu Hawaiian Standard Time;Hawaii
Pacific/Marquesas Marquesas Standard Time
America/Anchorage Alaskan Standard Time
Etc/GMT+9 UTC-09
America/Tijuana Pacific Standard Time (Mexico);Tijuana
Etc/GMT+8 UTC-08
America/Los_Angeles Pacific Standard Time;Pacific Time (US & Canada)
America/Phoenix US Mountain Standard Time;Arizona
America/Chihuahua Mountain Standard Time (Mexico);Chihuahua
America/Denver Mountain Standard Time;Mountain Time (US & Canada)
America/Whitehorse Yukon Standard Time
America/Guatemala Central America Standard Time;Central America
America/Chicago Central Standard Time;Central Time (US & Canada)
Pacific/Easter Easter Island Standard Time
America/Mexico_City Central Standard Time (Mexico);Guadalajara;Mexico City
America/Regina Canada Central Standard Time;Saskatchewan
America/Bogota SA Pacific Standard Time;Bogota
America/Cancun Eastern Standard Time (Mexico)
America/New_York Eastern Standard Time;Eastern Time (US & Canada)
America/Port-au-Prince Haiti Standard Time
America/Havana Cuba Standard Time
America/Indianapolis US Eastern Standard Time
America/Grand_Turk Turks And Caicos Standard Time
America/Asuncion Paraguay Standard Time;Asuncion
America/Halifax Atlantic Standard Time;Atlantic Time (Canada)
America/Caracas Venezuela Standard Time;Caracas
America/Cuiaba Central Brazilian Standard Time
America/La_Paz SA Western Standard Time;La Paz
America/Santiago Pacific SA Standard Time;Santiago
America/St_Johns Newfoundland Standard Time;Newfoundland
America/Araguaina Tocantins Standard Time
America/Sao_Paulo E. South America Standard Time;Brasilia
America/Cayenne SA Eastern Standard Time
America/Buenos_Aires Argentina Standard Time
America/Godthab Greenland Standard Time;Greenland
America/Montevideo Montevideo Standard Time;Montevideo
America/Punta_Arenas Magallanes Standard Time
America/Miquelon Saint Pierre Standard Time
America/Bahia Bahia Standard Time
Etc/GMT+2 UTC-02
Atlantic/Azores Azores Standard Time;Azores
Atlantic/Cape_Verde Cape Verde Standard Time;Cape Verde Is.
Etc/UTC UTC
Europe/London GMT Standard Time;Edinburgh;London
Atlantic/Reykjavik Greenwich Standard Time
Africa/Sao_Tome Sao Tome Standard Time
Africa/Casablanca Morocco Standard Time;Casablanca
Europe/Berlin W. Europe Standard Time;Berlin
Europe/Budapest Central Europe Standard Time;Budapest
Europe/Paris Romance Standard Time;Paris
Europe/Warsaw Central European Standard Time;Warsaw
Africa/Lagos W. Central Africa Standard Time
Asia/Amman Jordan Standard Time
Europe/Bucharest GTB Standard Time;Bucharest
Asia/Beirut Middle East Standard Time
Africa/Cairo Egypt Standard Time;Cairo
Europe/Chisinau E. Europe Standard Time
Asia/Damascus Syria Standard Time
Asia/Hebron West Bank Standard Time
Africa/Johannesburg South Africa Standard Time;Pretoria
Europe/Kiev FLE Standard Time;Kyiv
Asia/Jerusalem Israel Standard Time;Jerusalem
Africa/Juba South Sudan Standard Time
Europe/Kaliningrad Kaliningrad Standard Time;Kaliningrad
Africa/Khartoum Sudan Standard Time
Africa/Tripoli Libya Standard Time
Africa/Windhoek Namibia Standard Time
Asia/Baghdad Arabic Standard Time;Baghdad
Europe/Istanbul Turkey Standard Time;Istanbul
Asia/Riyadh Arab Standard Time;Riyadh
Europe/Minsk Belarus Standard Time;Minsk
Europe/Moscow Russian Standard Time;Moscow;St. Petersburg
Africa/Nairobi E. Africa Standard Time;Nairobi
Asia/Tehran Iran Standard Time;Tehran
Asia/Dubai Arabian Standard Time
Europe/Astrakhan Astrakhan Standard Time
Asia/Baku Azerbaijan Standard Time;Baku
Europe/Samara Russia Time Zone 3;Samara
Indian/Mauritius Mauritius Standard Time
Europe/Saratov Saratov Standard Time
Asia/Tbilisi Georgian Standard Time;Tbilisi
Europe/Volgograd Volgograd Standard Time;Volgograd
Asia/Yerevan Caucasus Standard Time;Yerevan
Asia/Kabul Afghanistan Standard Time;Kabul
Asia/Tashkent West Asia Standard Time;Tashkent
Asia/Yekaterinburg Ekaterinburg Standard Time;Ekaterinburg
Asia/Karachi Pakistan Standard Time;Islamabad;Karachi
Asia/Qyzylorda Qyzylorda Standard Time
Asia/Calcutta India Standard Time
Asia/Colombo Sri Lanka Standard Time;Sri Jayawardenepura
Asia/Katmandu Nepal Standard Time
Asia/Almaty Central Asia Standard Time;Almaty;Astana
Asia/Dhaka Bangladesh Standard Time;Dhaka
Asia/Omsk Omsk Standard Time
Asia/Rangoon Myanmar Standard Time;Rangoon
Asia/Bangkok SE Asia Standard Time;Bangkok;Hanoi
Asia/Barnaul Altai Standard Time
Asia/Hovd W. Mongolia Standard Time
Asia/Krasnoyarsk North Asia Standard Time;Krasnoyarsk
Asia/Novosibirsk N. Central Asia Standard Time;Novosibirsk
Asia/Tomsk Tomsk Standard Time
Asia/Shanghai China Standard Time;Beijing
Asia/Irkutsk North Asia East Standard Time;Irkutsk
Asia/Singapore Singapore Standard Time;Singapore
Australia/Perth W. Australia Standard Time;Perth
Asia/Taipei Taipei Standard Time;Taipei
Asia/Ulaanbaatar Ulaanbaatar Standard Time;Ulaanbaatar
Australia/Eucla Aus Central W. Standard Time
Asia/Chita Transbaikal Standard Time
Asia/Tokyo Tokyo Standard Time;Osaka;Sapporo;Tokyo
Asia/Pyongyang North Korea Standard Time
Asia/Seoul Korea Standard Time;Seoul
Asia/Yakutsk Yakutsk Standard Time;Yakutsk
Australia/Adelaide Cen. Australia Standard Time;Adelaide
Australia/Darwin AUS Central Standard Time;Darwin
Australia/Brisbane E. Australia Standard Time;Brisbane
Australia/Sydney AUS Eastern Standard Time;Sydney
Pacific/Port_Moresby West Pacific Standard Time;Port Moresby
Australia/Hobart Tasmania Standard Time;Hobart
Asia/Vladivostok Vladivostok Standard Time;Vladivostok
Australia/Lord_Howe Lord Howe Standard Time
Pacific/Bougainville Bougainville Standard Time
Asia/Srednekolymsk Russia Time Zone 10;Srednekolymsk
Asia/Magadan Magadan Standard Time;Magadan
Pacific/Norfolk Norfolk Standard Time
Asia/Sakhalin Sakhalin Standard Time
Pacific/Guadalcanal Central Pacific Standard Time;Solomon Is.
Asia/Kamchatka Russia Time Zone 11;Kamchatka
Pacific/Auckland New Zealand Standard Time;Auckland;Wellington
Etc/GMT-12 UTC+12
Pacific/Fiji Fiji Standard Time;Fiji
Pacific/Chatham Chatham Islands Standard Time;Chatham Is.
Etc/GMT-13 UTC+13
Pacific/Tongatapu Tonga Standard Time;Nuku'alofa
Pacific/Apia Samoa Standard Time;Samoa
Pacific/Kiritimati Line Islands Standard Time
Pacific/Midway Midway Island
Pacific/Pago_Pago American Samoa
America/Juneau Alaska
America/Mazatlan Mazatlan
America/Monterrey Monterrey
America/Indiana/Indianapolis Indiana (East)
America/Lima Lima;Quito
America/Argentina/Buenos_Aires Buenos Aires
America/Guyana Georgetown
America/Puerto_Rico Puerto Rico
Atlantic/South_Georgia Mid-Atlantic
Europe/Dublin Dublin
Europe/Lisbon Lisbon
Africa/Monrovia Monrovia
Europe/Belgrade Belgrade
Europe/Bratislava Bratislava
Europe/Ljubljana Ljubljana
Europe/Prague Prague
Europe/Sarajevo Sarajevo
Europe/Skopje Skopje
Europe/Zagreb Zagreb
Europe/Brussels Brussels
Europe/Copenhagen Copenhagen
Europe/Madrid Madrid
Europe/Amsterdam Amsterdam
Europe/Zurich Bern;Zurich
Europe/Rome Rome
Europe/Stockholm Stockholm
Europe/Vienna Vienna
Africa/Algiers West Central Africa
Europe/Helsinki Helsinki
Europe/Riga Riga
Europe/Sofia Sofia
Europe/Tallinn Tallinn
Europe/Vilnius Vilnius
Europe/Athens Athens
Africa/Harare Harare
Asia/Kuwait Kuwait
Asia/Muscat Abu Dhabi;Muscat
Asia/Kolkata Chennai;Kolkata;Mumbai;New Delhi
Asia/Kathmandu Kathmandu
Asia/Jakarta Jakarta
Asia/Chongqing Chongqing
Asia/Hong_Kong Hong Kong
Asia/Urumqi Urumqi
Asia/Kuala_Lumpur Kuala Lumpur
Australia/Canberra Canberra
Australia/Melbourne Melbourne
Pacific/Guam Guam
Pacific/Noumea New Caledonia
Pacific/Majuro Marshall Is.
Pacific/Fakaofo Tokelau Is.
`
