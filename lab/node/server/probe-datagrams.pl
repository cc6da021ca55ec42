#!/usr/bin/perl
# Usage: probe-datagrams.pl [--any] VIP PORT SECONDS REALSERVER...
# As probe.sh, for a service of UDP: asks it by datagrams, each from a socket of its own, until every realserver named has answered (with
# --any: one of them), or SECONDS are over. Prints one line of JSON: `ready`, `tries`, `missing`. Exit code 0: ready; otherwise 1; 5: called
# wrongly. Perl, because bash reads a datagram byte by byte and so gets no more than its first one.
use strict;
use warnings;
use Socket qw(AF_INET AF_INET6 SOCK_DGRAM inet_pton pack_sockaddr_in pack_sockaddr_in6);

# Seconds since the machine started: perl-base, which is all the perl that there is, has no Time::HiRes.
sub now {
  open my $file, '<', '/proc/uptime' or die "/proc/uptime: $!\n";
  return (split ' ', <$file>)[0];
}

my $any = @ARGV && $ARGV[0] eq '--any' ? shift @ARGV : '';
my ($vip, $port, $seconds, @missing) = @ARGV;
if (!@missing) {
  print STDERR 'Expected VIP, PORT, SECONDS and at least one REALSERVER, found ' . @ARGV . " arguments.\n";
  exit 5;
}
my $family = $vip =~ /:/ ? AF_INET6 : AF_INET;
my $host = inet_pton($family, $vip);
my $end = $family == AF_INET6 ? pack_sockaddr_in6($port, $host) : pack_sockaddr_in($port, $host);
my $named = @missing;
my $deadline = now() + $seconds;
my $tries = 0;

sub is_enough { return !@missing || $any && @missing < $named }

# The name of who answers within a second; undefined: nobody, or a refusal came.
sub ask {
  socket my $socket, $family, SOCK_DGRAM, 0 or return;
  connect $socket, $end or return;
  send $socket, "ask probe $tries 0 0\n", 0 or return;
  my $ready = '';
  vec($ready, fileno $socket, 1) = 1;
  select($ready, undef, undef, 1) > 0 or return;
  my $from = recv $socket, my $reply, 2048, 0;
  return defined $from && $reply =~ /^reply probe $tries (\w+)$/ ? $1 : undef;
}

while (!is_enough() && now() < $deadline) {
  $tries += 1;
  my $name = ask();
  if (defined $name) { @missing = grep { $_ ne $name } @missing }
  else { select undef, undef, undef, 0.1 }
}

my $ready = is_enough() ? 'true' : 'false';
print qq({"ready":$ready,"tries":$tries,"missing":[), join(',', map { qq("$_") } @missing), "]}\n";
exit(is_enough() ? 0 : 1);
