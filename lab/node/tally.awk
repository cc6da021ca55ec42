# Usage: mawk -W interactive -v witness=ADDRESS -f tally.awk
# Counts the sockets and IPVS connections of a node that are not the witness's: answers each line of its input, `sockets` or `ipvs`, with
# the lines of a tally and an empty one. It cuts rows at fixed places, for splitting them into fields takes three times as long.
function word(text, at) {  # four bytes of hexadecimal, in the order of a little-endian machine
  return substr(text, at + 6, 2) substr(text, at + 4, 2) substr(text, at + 2, 2) substr(text, at, 2)
}
BEGIN {
  if (index(witness, ":")) {
    halves = split(witness, half, "::")
    left = split(half[1], l, ":")
    right = halves > 1 ? split(half[2], r, ":") : 0
    for (i = 1; i <= 8; i++) {
      group = i <= left ? l[i] : i > 8 - right ? r[i - 8 + right] : ""
      group = substr("0000" group, length(group) + 1)
      hex = hex toupper(group)
      entry = entry (i > 1 ? ":" : "") tolower(group)
    }
    peer6 = word(hex, 1) word(hex, 9) word(hex, 17) word(hex, 25)
  } else {
    split(witness, byte, ".")
    entry = sprintf("%02X%02X%02X%02X", byte[1], byte[2], byte[3], byte[4])
    peer4 = word(entry, 1)
  }
  split("ESTAB SYN-SENT SYN-RECV FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT UNCONN CLOSE-WAIT LAST-ACK LISTEN CLOSING SYN-RECV", names, " ")
  for (i in names) state[sprintf("%02X", i)] = names[i]
}
function rows(file, digits, peer,    row, at) {
  while ((getline row <file) > 0) {
    at = index(row, ": ")
    if (at && substr(row, at + digits + 8, digits) != peer) found[state[substr(row, at + 2 * digits + 14, 2)]]++
  }
  close(file)
}
function sockets(    file, row, field, i) {
  rows("/proc/net/tcp", 8, peer4)
  rows("/proc/net/tcp6", 32, peer6)
  delete found["LISTEN"]
  file = "/proc/net/sockstat"
  while ((getline row <file) > 0) {
    if (substr(row, 1, 4) != "TCP:") continue
    split(row, field, " ")
    for (i = 2; i in field; i += 2)
      if (field[i] ~ /^(orphan|tw|mem)$/) found["sockstat." field[i]] = field[i + 1]
  }
  close(file)
}
function ipvs(    file, row, field, entries, size) {
  file = "/proc/net/ip_vs_conn"
  getline row <file
  while ((getline row <file) > 0) {
    entries++
    split(row, field, " ")
    if (field[3] != "0000" && field[2] != entry) found[field[8]]++
  }
  close(file)
  file = "/sys/kernel/slab/ip_vs_conn/slab_size"
  if ((getline size <file) > 0) found["bytes"] = entries * size
  close(file)
}
{
  split("", found)
  if ($0 == "ipvs") ipvs()
  else sockets()
  answer = ""
  for (name in found) answer = answer name " " sprintf("%d", found[name]) "\n"
  print answer
}
