/*
 * How fast complete TCP connections can be made from a packet socket on this machine: the limit that the agent is measured by.
 *
 * Usage: limit DEVICE NEXT-HOP-MAC VIP PORT FIRST-SOURCE SOURCES COUNT CONCURRENCY
 *
 * Each connection asks for /close/text, has the server close first, acknowledges and closes: what the agent's conversation
 * `server-first` does. Nothing is sent twice: what is lost stays open, and the program ends when nothing has come for a second.
 * Answers ARP for its sources. Prints one line of JSON: connections, seconds, packets sent and received.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 128, SLOT = 2112, HEAD = 54, FIRST_PORT = 1024 };
enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };
enum { UNUSED, OPENING, ASKED, CLOSING, CLOSED };

struct flow {
  uint32_t next; /* sequence number of the next byte to send */
  uint32_t expected;
  uint8_t state;
};

static int fd;
static uint8_t own_mac[6], hop_mac[6];
static uint32_t vip, first_source, sources;
static uint16_t service_port;
static struct flow *flows;
static uint32_t count, opened, in_progress, closed;
static uint64_t sent, received;

static uint8_t out_bytes[BATCH][256], in_bytes[BATCH][SLOT];
static struct mmsghdr out[BATCH], in[BATCH];
static struct iovec out_vector[BATCH], in_vector[BATCH];
static unsigned queued;

static char request[128];
static unsigned request_length;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static void flush(void) {
  unsigned done = 0;
  while (done < queued) {
    int taken = sendmmsg(fd, out + done, queued - done, MSG_DONTWAIT);
    if (taken > 0) {
      done += taken;
      continue;
    }
    if (errno != EAGAIN && errno != ENOBUFS && errno != EINTR) die("sendmmsg");
    struct pollfd room = {.fd = fd, .events = POLLOUT};
    poll(&room, 1, 1);
  }
  sent += queued;
  queued = 0;
}

static uint8_t *reserve(void) {
  if (queued == BATCH) flush();
  return out_bytes[queued];
}

static void commit(unsigned length) { out_vector[queued++].iov_len = length; }

static uint32_t sum_of(const uint8_t *bytes, unsigned length) {
  uint32_t sum = 0;
  for (unsigned at = 0; at + 1 < length; at += 2) sum += bytes[at] << 8 | bytes[at + 1];
  return length % 2 ? sum + (bytes[length - 1] << 8) : sum;
}

static uint16_t checksum_of(uint32_t sum) {
  sum = (sum & 0xffff) + (sum >> 16);
  return ~(sum + (sum >> 16));
}

static void put16(uint8_t *at, uint16_t value) {
  at[0] = value >> 8;
  at[1] = value;
}

static void put32(uint8_t *at, uint32_t value) {
  put16(at, value >> 16);
  put16(at + 2, value);
}

static uint16_t get16(const uint8_t *at) { return at[0] << 8 | at[1]; }
static uint32_t get32(const uint8_t *at) { return (uint32_t)get16(at) << 16 | get16(at + 2); }

static void send_segment(uint32_t index, uint8_t flags, const char *payload, unsigned length) {
  struct flow *flow = &flows[index];
  uint8_t *frame = reserve(), *ip = frame + 14, *tcp = ip + 20;
  memcpy(frame, hop_mac, 6);
  memcpy(frame + 6, own_mac, 6);
  put16(frame + 12, ETH_P_IP);
  memset(ip, 0, 40);
  ip[0] = 0x45;
  put16(ip + 2, 40 + length);
  put16(ip + 6, 0x4000);
  ip[8] = 64;
  ip[9] = 6;
  put32(ip + 12, first_source + index % sources);
  put32(ip + 16, vip);
  put16(ip + 10, checksum_of(sum_of(ip, 20)));
  put16(tcp, FIRST_PORT + index / sources);
  put16(tcp + 2, service_port);
  put32(tcp + 4, flow->next);
  put32(tcp + 8, flags & ACK ? flow->expected : 0);
  tcp[12] = 0x50;
  tcp[13] = flags;
  put16(tcp + 14, 65535);
  memcpy(tcp + 20, payload, length);
  put16(tcp + 16, checksum_of(sum_of(tcp, 20 + length) + sum_of(ip + 12, 8) + 6 + 20 + length));
  flow->next += length + (flags & (SYN | FIN) ? 1 : 0);
  commit(HEAD + length);
}

static void answer_arp(const uint8_t *frame, unsigned length) {
  if (length < 42 || get16(frame + 20) != 1 || get32(frame + 38) - first_source >= sources) return;
  uint8_t *answer = reserve();
  memcpy(answer, frame + 6, 6);
  memcpy(answer + 6, own_mac, 6);
  memcpy(answer + 12, frame + 12, 8);
  put16(answer + 20, 2);
  memcpy(answer + 22, own_mac, 6);
  memcpy(answer + 28, frame + 38, 4);
  memcpy(answer + 32, frame + 22, 10);
  commit(42);
}

static void take(const uint8_t *frame, unsigned length) {
  if (length >= 14 && get16(frame + 12) == ETH_P_ARP) {
    answer_arp(frame, length);
    return;
  }
  if (length < HEAD || get16(frame + 12) != ETH_P_IP || frame[23] != 6) return;
  const uint8_t *ip = frame + 14, *tcp = ip + (ip[0] & 15) * 4;
  uint32_t source = get32(ip + 16) - first_source;
  uint32_t port = get16(tcp + 2);
  if (source >= sources || port < FIRST_PORT) return;
  uint32_t index = (port - FIRST_PORT) * sources + source;
  if (index >= count) return;
  received++;
  struct flow *flow = &flows[index];
  uint8_t flags = tcp[13];
  uint32_t sequence = get32(tcp + 4);
  unsigned payload = get16(ip + 2) - (ip[0] & 15) * 4 - (tcp[12] >> 4) * 4;

  if (flow->state == OPENING && (flags & (SYN | ACK)) == (SYN | ACK)) {
    flow->expected = sequence + 1;
    flow->state = ASKED;
    send_segment(index, ACK, "", 0);
    send_segment(index, ACK | PSH, request, request_length);
    return;
  }
  if (flow->state == CLOSING) {
    if (get32(tcp + 8) != flow->next) return;
    flow->state = CLOSED;
    closed++;
    in_progress--;
    return;
  }
  if (flow->state != ASKED || sequence != flow->expected) return;
  if (!payload && !(flags & FIN)) return;
  flow->expected += payload + (flags & FIN ? 1 : 0);
  send_segment(index, ACK, "", 0);
  if (!(flags & FIN)) return;
  flow->state = CLOSING;
  send_segment(index, FIN | ACK, "", 0);
}

static void open_socket(const char *device) {
  fd = socket(AF_PACKET, SOCK_RAW, 0);
  if (fd < 0) die("socket");
  /* The same test as the agent's: not what this host sends, and no more than ARP and TCP. */
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 6, 0),
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_ARP, 3, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP, 0, 3),
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 23),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 6, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 2048),
      BPF_STMT(BPF_RET | BPF_K, 0),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program)) die("SO_ATTACH_FILTER");
  int bytes = 64 << 20, on = 1;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on);
  struct ifreq interface = {0};
  strncpy(interface.ifr_name, device, IFNAMSIZ - 1);
  if (ioctl(fd, SIOCGIFHWADDR, &interface)) die("SIOCGIFHWADDR");
  memcpy(own_mac, interface.ifr_hwaddr.sa_data, 6);
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
  address.sll_ifindex = if_nametoindex(device);
  if (bind(fd, (struct sockaddr *)&address, sizeof address)) die("bind");
  for (unsigned slot = 0; slot < BATCH; slot++) {
    out_vector[slot] = (struct iovec){out_bytes[slot], 0};
    in_vector[slot] = (struct iovec){in_bytes[slot], 2048};
    out[slot].msg_hdr = (struct msghdr){.msg_iov = &out_vector[slot], .msg_iovlen = 1};
    in[slot].msg_hdr = (struct msghdr){.msg_iov = &in_vector[slot], .msg_iovlen = 1};
  }
}

static uint32_t address_of(const char *text) {
  struct in_addr address;
  if (!inet_aton(text, &address)) {
    fprintf(stderr, "expected an IPv4 address, found %s\n", text);
    exit(1);
  }
  return ntohl(address.s_addr);
}

int main(int argc, char **argv) {
  if (argc != 9 || sscanf(argv[2], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", hop_mac, hop_mac + 1, hop_mac + 2, hop_mac + 3,
                          hop_mac + 4, hop_mac + 5) != 6) {
    fprintf(stderr, "usage: %s DEVICE NEXT-HOP-MAC VIP PORT FIRST-SOURCE SOURCES COUNT CONCURRENCY\n", argv[0]);
    return 5;
  }
  vip = address_of(argv[3]);
  service_port = atoi(argv[4]);
  first_source = address_of(argv[5]);
  sources = atoi(argv[6]);
  count = atoi(argv[7]);
  uint32_t concurrency = atoi(argv[8]);
  request_length = snprintf(request, sizeof request, "GET /close/text HTTP/1.1\r\nHost: %s\r\n\r\n", argv[3]);
  flows = calloc(count, sizeof *flows);
  open_socket(argv[1]);

  double start = now(), last = start;
  while (closed < count && now() - last < 1) {
    int frames = recvmmsg(fd, in, BATCH, MSG_DONTWAIT, NULL);
    for (int slot = 0; slot < frames; slot++) take(in_bytes[slot], in[slot].msg_len);
    if (frames > 0) last = now();
    while (opened < count && in_progress < concurrency) {
      flows[opened].next = opened * 2654435761u;
      flows[opened].state = OPENING;
      send_segment(opened++, SYN, "", 0);
      in_progress++;
    }
    if (queued) flush();
    else if (frames <= 0) {
      struct pollfd frames_there = {.fd = fd, .events = POLLIN};
      poll(&frames_there, 1, 1);
    }
  }
  double seconds = last - start;
  printf("{\"connections\":%u,\"opened\":%u,\"seconds\":%.6f,\"sent\":%lu,\"received\":%lu}\n", closed, opened, seconds,
         (unsigned long)sent, (unsigned long)received);
  return 0;
}
