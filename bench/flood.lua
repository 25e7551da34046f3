-- Unique events for wrk: arguments are the file of patterns, a prefix of ids, events per request,
-- then the keys, which take turns: a key may send only so many events a second.

local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("thread_number", threads)
end

local patterns = {}
local count = 0
local prefix, per_request
local heads = {}

-- Cut a pattern at its marks once; a request then only joins the pieces.
local function cut(line)
    local pieces = {}
    local at = 1
    while true do
        local first, last = line:find("@%u+@", at)
        if not first then break end
        pieces[#pieces + 1] = line:sub(at, first - 1)
        pieces[#pieces + 1] = line:sub(first, last) == "@ID@" and 1 or 2
        at = last + 1
    end
    pieces[#pieces + 1] = line:sub(at)
    return pieces
end

function init(args)
    for line in io.lines(args[1]) do patterns[#patterns + 1] = cut(line) end
    prefix = args[2] .. "-" .. thread_number .. "-"
    per_request = tonumber(args[3])
    for i = 4, #args do
        heads[#heads + 1] = {
            ["Host"] = wrk.host,
            ["Authorization"] = "Bearer " .. args[i],
            ["Content-Type"] = per_request > 1 and "application/x-ndjson" or "application/json",
        }
    end
    wrk.method = "POST"
end

local function event(out)
    count = count + 1
    local pattern = patterns[count % #patterns + 1]
    local client = string.format("%d", 10000000 + count * 7919 % 5000)
    local id = prefix .. count
    for i = 1, #pattern do
        local piece = pattern[i]
        if piece == 1 then piece = id elseif piece == 2 then piece = client end
        out[#out + 1] = piece
    end
end

local requests_made = 0

function request()
    local out = {}
    requests_made = requests_made + 1
    for i = 1, per_request do
        if i > 1 then out[#out + 1] = "\n" end
        event(out)
    end
    return wrk.format(nil, nil, heads[requests_made % #heads + 1], table.concat(out))
end

function done(summary, latency, requests)
    local e = summary.errors
    io.write(string.format(
        '\n{"requests":%d,"seconds":%.6f,"refused":%d,"broken":%d,"p50_ms":%.3f,"p99_ms":%.3f}\n',
        summary.requests, summary.duration / 1e6, e.status, e.connect + e.read + e.write + e.timeout,
        latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
