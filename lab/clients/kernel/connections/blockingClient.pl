# A client of one connection whose connect() blocks, which Node.js cannot do: for `perl -e`, with no more than the modules of Debian's perl-base.
# Prints `ready` when it has started, and connects when a line of its standard input gives it its order, in JSON: src/contracts/agents/blockingOrder.ts.
# Then it prints its observations as they come: each line is a JSON object with some of the members of ClientConnection, and `syscall` beside
# `error`. `openedAt` is told before connect().
use strict;
use warnings;
use Errno;
use Socket qw(:DEFAULT IPPROTO_TCP TCP_NODELAY inet_ntop inet_pton);
# The lab ends a left-over agent by its command line: this ends with it.
$0 = '/lab/agent.cjs: blocking client';
$| = 1;
$SIG{PIPE} = 'IGNORE';

my %escaped = (n => "\n", r => "\r", '"' => '"', '\\' => '\\');
# The members of an order: JSON as JSON.stringify writes it, of strings and whole numbers only. There is no JSON in perl-base.
sub order_in {
  my $line = shift;
  my %order;
  my $string = qr/"((?:[^"\\]|\\[nr"\\])*)"/;
  while ($line =~ /\G[{,]"(\w+)":(?:$string|(\d+))/gc) {
    my ($name, $text, $number) = ($1, $2, $3);
    $text =~ s/\\(.)/$escaped{$1}/g if defined $text;
    $order{$name} = $text // $number;
  }
  $line =~ /\G\}\n?$/ or die "an order that cannot be read: $line\n";
  return %order;
}
sub member {
  my ($name, %order) = @_;
  return $order{$name} // die "an order without $name\n";
}

# Seconds since the epoch: gettimeofday(2) of x86-64, as Time::HiRes is not in perl-base.
sub now {
  my $time = pack 'q2', 0, 0;
  syscall 96, $time, 0;
  my ($seconds, $microseconds) = unpack 'q2', $time;
  return sprintf '%d.%06d', $seconds, $microseconds;
}
sub seconds_since { return sprintf '%.6f', now() - $_[0] }

sub observe {
  my %seen = @_;
  print '{', join(',', map { qq("$_":$seen{$_}) } sort keys %seen), "}\n";
}
sub failed {
  my $syscall = shift;
  my ($name) = sort grep { $!{$_} } keys %!;
  observe(error => qq("$name"), syscall => qq("$syscall"));
  exit;
}

sub endpoint {
  my ($address, $number) = @_;
  return pack_sockaddr_in6($number, inet_pton(AF_INET6, $address)) if $address =~ /:/;
  return pack_sockaddr_in($number, inet_pton(AF_INET, $address));
}
sub observe_local_end {
  my $name = getsockname S or return;
  my $family = sockaddr_family($name);
  my ($number, $address) = $family == AF_INET6 ? unpack_sockaddr_in6($name) : unpack_sockaddr_in($name);
  observe(localPort => $number);
  observe(localAddress => '"' . inet_ntop($family, $address) . '"') if $address =~ /[^\0]/;
}

print "ready\n";
# Without a word the agent has gone, or has no use for it.
my $line = <STDIN> // exit;
my %order = order_in($line);
my ($host, $port, $source, $local_port, $first, $how, $body_bytes, $head) =
  map { member($_, %order) } qw(host port source localPort first how bodyBytes head);

socket S, ($host =~ /:/ ? PF_INET6 : PF_INET), SOCK_STREAM, 0 or failed('socket');
setsockopt S, SOL_SOCKET, SO_REUSEADDR, 1;
setsockopt S, IPPROTO_TCP, TCP_NODELAY, 1;
my $opened = now();
observe(openedAt => $opened);
if ($local_port) { bind S, endpoint($source, $local_port) or failed('bind') }
my $connected = connect S, endpoint($host, $port);
{ local $!; observe_local_end() if !$local_port }
$connected or failed('connect');
observe(connected => 'true', connectSeconds => seconds_since($opened));

my $request = $head . "\0" x $body_bytes;
my $sent = 0;
while ($sent < length $request) {
  my $taken = syswrite S, $request, 65536, $sent;
  defined $taken or failed('write');
  $sent += $taken;
  observe(bytesSent => $sent);
}

my $closed = '';
# Resets the connection and ends, or sends the FIN, unless that has been done.
sub leave {
  my $way = shift;
  return if $closed;
  $closed = $way;
  if ($way eq 'rst') {
    setsockopt S, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0);
    close S;
  } else {
    shutdown S, 1;
  }
  observe(clientClosed => qq("$way"));
  exit if $way eq 'rst';
}
leave('half-close') if $how eq 'half-close';

my ($reply_head, $status, $length, $received, $body, $complete) = ('', undef, undef, 0, undef, 0);
sub check_complete {
  my $at_end = shift;
  return if $complete || !defined $status;
  $complete = defined $length ? $body >= $length : $at_end;
  observe(complete => 'true') if $complete;
}
my $until;
while (1) {
  if (defined $until) {
    my $ready = '';
    vec($ready, fileno(S), 1) = 1;
    my $left = $until - now();
    last if $left <= 0 || select($ready, undef, undef, $left) <= 0;
  }
  my $count = sysread S, my $chunk, 65536;
  defined $count or failed('read');
  if ($count == 0) {
    observe(serverClosed => 'true');
    check_complete(1);
    leave($how);
    last;
  }
  observe(firstByteSeconds => seconds_since($opened)) if !$received;
  $received += $count;
  observe(bytesReceived => $received);
  if (defined $body) {
    $body += $count;
  } else {
    $reply_head .= $chunk;
    my $end = index $reply_head, "\r\n\r\n";
    next if $end < 0;
    $body = length($reply_head) - $end - 4;
    $reply_head = substr $reply_head, 0, $end;
    ($status) = $reply_head =~ m{^HTTP/1\.[01] (\d{3})\b};
    ($length) = $reply_head =~ /^content-length:\s*(\d+)\s*$/im;
    observe(httpStatus => $status) if defined $status;
  }
  check_complete(0);
  if ($complete && $first eq 'client') {
    leave($how);
    # Waits a while for the server to follow, then leaves the socket to the kernel.
    $until = now() + 2;
  }
}
close S;
