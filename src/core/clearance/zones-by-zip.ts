/**
 * Time zones by the first three digits of a ZIP code of the United States, a line per set of zones. The facts are those of the
 * npm package zipcode-to-timezone 0.0.9 (MIT); zones that keep the same time today stand under one name.
 */
export const ZONES_BY_ZIP = `
America/New_York 005,010-089,100-212,214-268,270-323,326-339,341-342,344,346-347,349,374,376,378-379,398-400,402-418,425,430-462,464,466-468,470-474,477-478,480-497,569
America/Puerto_Rico 006-009
America/Chicago|America/New_York 324,373,377,401,420-424,426-427,463,465,469,475-476,479,498-499
America/Chicago 325,350-352,354-372,375,380-397,500-516,520-528,530-532,534-535,537-551,553-567,570-574,580-584,587-588,600-620,622-631,633-641,644-658,660-662,664-676,679-681,683-689,700-701,703-708,710-714,716-731,733-741,743-770,772-797
America/Chicago|America/Denver 575-576,585,677-678,690-692,798
America/Denver 577,586,590-599,693,799-816,820-834,837,840-847,870-871,873-875,877-885
America/Denver|America/Los_Angeles 835-836
America/Los_Angeles 838,889-891,893-895,897-898,900-908,910-928,930-961,970-986,988-994
America/Phoenix 850-852,857,863
America/Denver|America/Phoenix 853,855-856,859-860,864-865
Pacific/Honolulu 967-968
Pacific/Guam 969
America/Anchorage 995-999
`
