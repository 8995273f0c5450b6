#!/usr/bin/env bash
# A switchboard by curl alone: a queue, a flow with a menu, a number, a caller who presses 1 and is taken by Ada, who asks Bo before
# she hands the caller over. It ends with the timeline of the call.
#
# Before: `npm start`; one browser as Ada and one as Bo, each with their line open (Space); a key with all scopes from the Team page
# (as Root). Then: KEY=tk_… bash examples/switchboard.sh. When a desk rings, press A there.
set -euo pipefail
BASE=${BASE:-http://127.0.0.1:5050}
# The pretend phones of `npm start`.
NETWORK=${NETWORK:-http://127.0.0.1:5070}
NUMBER=${NUMBER:-+14155550002}
FROM=${FROM:-+14155559555}

api() { # METHOD PATH [BODY]
  curl -sS --fail-with-body -X "$1" "$BASE/$2" -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' ${3:+-d "$3"}
}
phones() { # PATH BODY
  curl -sS --fail-with-body -X POST "$NETWORK/_/$1" -H 'Content-Type: application/json' -d "$2"
}
first() { # FIELD: the first value of this field
  grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d '"' -f 4
}
agent() { # NAME: their id
  api GET v1.0/agents | sed 's/},{/}\n{/g' | grep "\"name\":\"$1\"" | first id
}
wait_for() { # WHAT COMMAND…: until the command succeeds, a minute at most
  echo "… $1"
  shift
  for _ in $(seq 300); do
    if "$@"; then return; fi
    sleep 0.2
  done
  echo 'It did not happen.' >&2
  exit 1
}

ada=$(agent Ada)
bo=$(agent Bo)
queue=$(api POST v1.0/queues "{\"name\": \"Evening\", \"wrap_up\": 0, \"members\": [{\"agent_id\": \"$ada\"}]}" | first id)
echo "The queue is $queue."
flow=$(api POST v1.0/flows "{\"name\": \"Evening\", \"actions\": [
  {\"type\": \"answer\"},
  {\"type\": \"menu\", \"option\": {\"text\": \"For support, press one.\", \"target_ids\": {\"1\": \"wait\"}}},
  {\"type\": \"hangup\"},
  {\"id\": \"wait\", \"type\": \"queue_join\", \"option\": {\"queue_id\": \"$queue\"}},
  {\"type\": \"talk\", \"option\": {\"text\": \"Thank you for calling.\"}}]}" | first id)
echo "The flow is $flow."
api PUT "v1.0/numbers/%2B${NUMBER#+}" "{\"flow_id\": \"$flow\"}" >/dev/null
echo "$NUMBER leads to it."

sid=$(phones dial "{\"from\": \"$FROM\", \"to\": \"$NUMBER\", \"script\": {\"kind\": \"human\", \"acts\": [{\"pauseMs\": 120000}]}}" | first callSid)
echo "$FROM calls."
queued() {
  phones "calls/$sid/digits" '{"digits": "1"}' >/dev/null
  call=$(api GET "v1.0/queuecalls?queue_id=$queue" | first reference_id) && [ -n "$call" ]
}
wait_for 'the caller presses 1 and waits in the queue' queued
served() { api GET "v1.0/queuecalls?queue_id=$queue" | grep -q '"status":"service"'; }
wait_for 'Ada takes the call (A)' served

asks_bo() {
  api POST "v1.0/calls/$call/transfer" "{\"kind\": \"attended\", \"destination\": {\"type\": \"agent\", \"target\": \"$bo\"}}" >/dev/null 2>&1
}
wait_for 'Ada may ask Bo' asks_bo
status_is() { api GET "v1.0/transfers/$call" | grep -q "\"status\":\"$1\""; }
wait_for 'Bo says yes (A)' status_is asking
api POST "v1.0/transfers/$call/complete" >/dev/null
wait_for 'the caller goes on with Bo' status_is over

# The log hears of it a moment later.
logged() { api GET "api/calls/$call" | grep -q '"type":"transfer-moved"'; }
wait_for 'the log has it' logged
echo 'The timeline:'
api GET "api/calls/$call" | grep -o '"type":"[a-z-]*"' | cut -d '"' -f 4
