-- For wrk: sends requests that stand ready, in turn. Tells the result as JSON on the last line.
-- Arguments after `--`: a file of the requests, as they go over the wire, divided by NUL; if wanted, a text that each answer
-- must contain.

local requests, turn, threads = {}, 0, {}
wrong = 0 -- global, so that done() can ask each thread for it

function setup(thread)
   threads[#threads + 1] = thread
end

function init(args)
   for request in io.open(args[1], "rb"):read("*a"):gmatch("[^%z]+") do
      requests[#requests + 1] = request
   end
   local sign = args[2]
   if sign then
      -- Defined only here: wrk reads answers whole where there is such a function, which costs it time.
      function response(_, _, body)
         if not body:find(sign, 1, true) then wrong = wrong + 1 end
      end
   end
end

function request()
   turn = turn % #requests + 1
   return requests[turn]
end

function done(summary, latency)
   local errors, answers_wrong = summary.errors, 0
   for _, thread in ipairs(threads) do answers_wrong = answers_wrong + thread:get("wrong") end
   io.write(string.format(
      '{"requests": %d, "bytes": %d, "microseconds": %d, "p50": %d, "p99": %d, "refused": %d, "broken": %d, "wrong": %d}\n',
      summary.requests, summary.bytes, summary.duration, latency:percentile(50), latency:percentile(99),
      errors.status, errors.connect + errors.read + errors.write + errors.timeout, answers_wrong))
end
