#!/usr/bin/perl
# Usage: datagrams.pl NAME PORTS ADDRESS...        (PORTS: 53 or 53,443)
# A server of UDP, in the background: it has a socket at each address and port, so that a reply comes from where its request went to. When
# this ends with 0 all of them are open. Requests and replies are a line of words:
#   ask ID SEQUENCE PUSHES PAUSE     is answered at once by   reply ID SEQUENCE NAME
#   and, for PUSHES above 0, by as many   push ID SEQUENCE NAME   with PAUSE seconds before each
# What is no such line is not answered.
use strict;
use warnings;
use POSIX qw(setsid);
use Socket qw(AF_INET AF_INET6 SOCK_DGRAM SOL_SOCKET SO_RCVBUF inet_pton pack_sockaddr_in pack_sockaddr_in6);

# Seconds since the machine started: perl-base, which is all the perl that there is, has no Time::HiRes.
sub now {
  open my $file, '<', '/proc/uptime' or die "/proc/uptime: $!\n";
  return (split ' ', <$file>)[0];
}

my ($name, $ports, @addresses) = @ARGV;
@addresses or die "usage: datagrams.pl NAME PORTS ADDRESS...\n";
my @sockets;
for my $address (@addresses) {
  for my $port (split /,/, $ports) {
    my $family = $address =~ /:/ ? AF_INET6 : AF_INET;
    my $host = inet_pton($family, $address) // die "$address: not an address\n";
    my $end = $family == AF_INET6 ? pack_sockaddr_in6($port, $host) : pack_sockaddr_in($port, $host);
    socket my $socket, $family, SOCK_DGRAM, 0 or die "socket: $!\n";
    setsockopt $socket, SOL_SOCKET, SO_RCVBUF, 1 << 20;
    bind $socket, $end or die "bind $address port $port: $!\n";
    push @sockets, $socket;
  }
}

my $child = fork // die "fork: $!\n";
if ($child) {
  # `stop.sh` ends the server by this.
  my $folder = $0 =~ s{[^/]*$}{}r . 'run';
  mkdir $folder;
  open my $file, '>', "$folder/datagrams.pid" or die "$folder/datagrams.pid: $!\n";
  print $file "$child\n";
  close $file;
  exit 0;
}
setsid();
open STDIN, '<', '/dev/null';
open STDOUT, '>', '/dev/null';
open STDERR, '>', '/dev/null';

# What is to be sent later: its time, socket, receiver and text, the earliest first.
my @later;
while (1) {
  my $ready = '';
  vec($ready, fileno $_, 1) = 1 for @sockets;
  my $wait = @later ? $later[0][0] - now() : undef;
  $wait = 0 if defined $wait && $wait < 0;
  my $count = select($ready, undef, undef, $wait);
  while (@later && $later[0][0] <= now()) {
    my (undef, $socket, $to, $text) = @{shift @later};
    send $socket, $text, 0, $to;
  }
  next if $count <= 0;
  for my $socket (grep { vec($ready, fileno $_, 1) } @sockets) {
    my $from = recv $socket, my $request, 2048, 0;
    next unless defined $from && $request =~ /^ask (\w+) (\d+) (\d+) ([\d.]+)/;
    my ($id, $sequence, $pushes, $pause) = ($1, $2, $3, $4);
    send $socket, "reply $id $sequence $name\n", 0, $from;
    push @later, [now() + $_ * $pause, $socket, $from, "push $id $sequence $name\n"] for 1 .. $pushes;
    @later = sort { $a->[0] <=> $b->[0] } @later if $pushes;
  }
}
