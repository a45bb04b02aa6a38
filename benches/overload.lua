-- For wrk: POSTs one GraphQL request on behalf of many people, in turn. Tells the result as JSON on the last line.
-- Arguments after `--`: a file with the request's body, in which NUMBER stands for that of the person; a file with a person on
-- each line, network address and, of those who are signed in, the session's token; and, if each connection is to pause after
-- an answer, milliseconds on average.

local requests, turn = {}, 0

function init(args)
   local body = io.open(args[1]):read("*a")
   for line in io.lines(args[2]) do
      local address, token = line:match("^(%S+) ?(%S*)$")
      local headers = {
         ["content-type"] = "application/json",
         ["accept"] = "application/graphql-response+json",
         ["x-forwarded-for"] = address,
      }
      if token ~= "" then headers["authorization"] = "Bearer " .. token end
      local number = #requests + 1
      requests[number] = wrk.format("POST", "/graphql", headers, (body:gsub("NUMBER", number)))
   end
   if args[3] then
      delay = function() return math.random(0, 2 * tonumber(args[3])) end
   end
end

function request()
   turn = turn % #requests + 1
   return requests[turn]
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      '{"requests": %d, "bytes": %d, "microseconds": %d, "p50": %d, "p99": %d, "refused": %d, "broken": %d}\n',
      summary.requests, summary.bytes, summary.duration, latency:percentile(50), latency:percentile(99),
      errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
