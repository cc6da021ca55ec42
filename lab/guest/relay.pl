#!/usr/bin/perl
# relay.pl PORT DOCKER_SOCKET: relays any number of streams between a virtio port, or a Unix socket in its place, and connections to
# Docker's socket. docs/platforms/vm.md describes the frames. One process, and as little work for each frame as can be: it runs under emulation.
# Needs no more of Perl than Debian's perl-base has.
use strict;
use warnings;
use Config;
use Errno qw(EAGAIN ECONNRESET EINTR EPIPE);
use Fcntl qw(F_SETFL O_NONBLOCK O_RDWR);
use Socket qw(AF_UNIX SHUT_WR SOCK_NONBLOCK SOCK_STREAM pack_sockaddr_un);

use constant {
  WINDOW => 256 * 1024,    # bytes that may be under way on a stream in one direction
  PIECE => 64 * 1024,      # most bytes of a payload and of one read, and least bytes of credit
  PAGE => 4096,            # most bytes that one read of a virtio port gives
  HEADER => 9,
};

# What there is of a stream.
use constant {
  ID => 0,
  SOCKET => 1,
  FD => 2,
  UNWRITTEN => 3,        # bytes of the host's that Docker has not taken yet
  CREDIT => 4,           # bytes that the host still takes
  OWED => 5,             # bytes that Docker took and the host has no credit for yet
  HOST_ENDED => 6,
  DOCKER_ENDED => 7,
  DEAF => 8,             # Docker reads no more of it
};

@ARGV == 2 or fail("usage: relay.pl PORT DOCKER_SOCKET");
my ($port_path, $docker_path) = @ARGV;
my $docker_address = pack_sockaddr_un($docker_path);
$SIG{PIPE} = 'IGNORE';

my ($port, $port_fd);
my $away = 0;                            # no host is at the other end
my $full = 0;                            # the port takes nothing more for now
my $in = '';                             # read of the port, not understood yet
my ($out, $written) = ('', 0);           # for the port, and how much of it has been written
my $quiet_from;                          # the place in $out from which nothing is written until the host resumes
my (%streams, @by_fd);
my (%touched, %blocked);                 # streams to write to in this round, and when they can be written to
my ($from_docker, $to_docker) = ('', '');    # the sets of `select`

open_port() or fail("cannot open the port $port_path: $!");

while (1) {
  # While the host does not take what there is, or wants quiet, nothing more is read of Docker's.
  my $readable = defined $quiet_from || length($out) - $written > WINDOW ? '' : $from_docker;
  my $writable = $to_docker;
  unless ($away) {
    vec($readable, $port_fd, 1) = 1;
    vec($writable, $port_fd, 1) = 1 if $full;
  }
  my $ready = select $readable, $writable, undef, $away ? 0.1 : undef;
  if ($ready < 0) {
    next if $! == EINTR;
    fail("select failed: $!");
  }
  read_port() if $away || vec $readable, $port_fd, 1;
  if ($ready > 0) {
    my ($bits, $fd) = (unpack('b*', $readable), -1);
    while (($fd = index $bits, '1', $fd + 1) >= 0) {
      read_docker($by_fd[$fd]) if $by_fd[$fd];
    }
    for my $stream (values %blocked) {
      $touched{$stream->[ID]} = $stream if vec $writable, $stream->[FD], 1;
    }
  }
  if (%touched) {
    write_docker($_) for values %touched;
    %touched = ();
  }
  write_port() unless $away;
}

sub fail {
  print STDERR "relay: $_[0]\n";
  exit 1;
}

sub open_port {
  if (-S $port_path) {
    socket($port, AF_UNIX, SOCK_STREAM, 0) or return 0;
    connect($port, pack_sockaddr_un($port_path)) or return 0;
    fcntl($port, F_SETFL, O_NONBLOCK) or return 0;
  } else {
    sysopen($port, $port_path, O_RDWR | O_NONBLOCK) or return 0;
  }
  $port_fd = fileno $port;
  return 1;
}

# Reads what there is, in at most PIECE bytes a round, so that nobody waits for his turn for long.
sub read_port {
  return if $away && -S $port_path && !open_port();
  my $total = 0;
  while ($total < PIECE) {
    my $got = sysread $port, $in, PIECE, length $in;
    if (!defined $got) {
      next if $! == EINTR;
      last if $! == EAGAIN;
      fail("cannot read the port: $!") if $! != ECONNRESET;
    }
    if (!$got) {
      # A virtio port reads as ended while nobody has its other end, and goes on with whoever comes next.
      ($away, $in) = (1, '');
      return;
    }
    $total += $got;
    last if $got < PAGE;
  }
  $away = 0;
  take_frames();
}

sub take_frames {
  my ($at, $end) = (0, length $in);
  while ($end - $at >= HEADER) {
    my ($type, $id, $length) = unpack 'aNN', substr $in, $at, HEADER;
    if ($length > PIECE || index('DWOECTQRP', $type) < 0) {
      fail(sprintf 'the host sent what is no frame: type 0x%02x, stream %u, length %u', ord $type, $id, $length);
    }
    last if $end - $at - HEADER < $length;
    $at += HEADER;
    if ($type ne 'D') {
      take_frame($type, $id, substr $in, $at, $length);
    } elsif (my $stream = $streams{$id}) {
      $stream->[UNWRITTEN] .= substr $in, $at, $length;
      $touched{$id} = $stream;
    }
    $at += $length;
  }
  substr $in, 0, $at, '' if $at;
}

sub take_frame {
  my ($type, $id, $payload) = @_;
  my $stream = $streams{$id};
  # A frame for a stream that is not there crossed the one that closed it.
  if ($type eq 'W') {
    length $payload == 4 or fail('the host sent a credit that is no number');
    give_credit($stream, unpack 'N', $payload) if $stream;
  } elsif ($type eq 'O') {
    open_stream($id);
  } elsif ($type eq 'E') {
    return unless $stream;
    $stream->[HOST_ENDED] = 1;
    $touched{$id} = $stream;
  } elsif ($type eq 'C') {
    return unless $stream;
    write_docker($stream);
    close_stream($stream);
  } elsif ($type eq 'T') {
    wake($payload);
    $out .= pack 'aNN', 'T', 0, 0;
  } elsif ($type eq 'Q') {
    be_quiet();
    $out .= pack 'aNN/a', 'Q', 0, $payload;
    $quiet_from = length $out;
  } elsif ($type eq 'R') {
    undef $quiet_from;
    $out .= pack 'aNN/a', 'R', 0, $payload;
  } else {
    exit 0;
  }
}

sub open_stream {
  my ($id) = @_;
  fail("the host opened stream $id, which is open") if $streams{$id} || $id == 0;
  my $socket;
  unless (socket($socket, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0) && connect $socket, $docker_address) {
    return fail_stream($id, "$docker_path: $!");
  }
  my $fd = fileno $socket;
  $by_fd[$fd] = $streams{$id} = [$id, $socket, $fd, '', WINDOW, 0, 0, 0, 0];
  vec($from_docker, $fd, 1) = 1;
}

sub fail_stream {
  my ($id, $why) = @_;
  $out .= pack 'aNN/a', 'X', $id, $why;
}

sub close_stream {
  my ($stream) = @_;
  my ($id, $fd) = @$stream[ID, FD];
  vec($from_docker, $fd, 1) = 0;
  vec($to_docker, $fd, 1) = 0;
  undef $by_fd[$fd];
  delete $streams{$id};
  delete $blocked{$id};
  delete $touched{$id};
  close $stream->[SOCKET];
}

sub give_credit {
  my ($stream, $bytes) = @_;
  $stream->[CREDIT] += $bytes;
  vec($from_docker, $stream->[FD], 1) = 1 unless $stream->[DOCKER_ENDED];
}

# From here on both sides count as if nothing were under way. Nothing is: what the host sent has been read, and what goes to it is before
# the answer. So whoever resumes need not know how much was owed.
sub be_quiet {
  for my $stream (values %streams) {
    give_credit($stream, WINDOW - $stream->[CREDIT]);
    $stream->[OWED] = -length $stream->[UNWRITTEN];
  }
}

# Reads behind a gap for the header, so that nothing is copied.
sub read_docker {
  my ($stream) = @_;
  my $credit = $stream->[CREDIT];
  my $at = length $out;
  my $got = sysread $stream->[SOCKET], $out, $credit < PIECE ? $credit : PIECE, $at + HEADER;
  if ($got) {
    substr($out, $at, HEADER) = pack 'aNN', 'D', $stream->[ID], $got;
    $stream->[CREDIT] = $credit - $got;
    vec($from_docker, $stream->[FD], 1) = 0 if $got == $credit;
    return;
  }
  my $error = defined $got ? 0 : $!;
  substr($out, $at) = '';
  return if $error == EAGAIN || $error == EINTR;
  if ($error && $error != ECONNRESET) {
    fail_stream($stream->[ID], "reading of Docker's socket: $error");
    return close_stream($stream);
  }
  # When Docker has closed the connection with something unread, what it said before has been read by now.
  $stream->[DEAF] = 1 if $error;
  $stream->[DOCKER_ENDED] = 1;
  vec($from_docker, $stream->[FD], 1) = 0;
  $out .= pack 'aNN', 'E', $stream->[ID], 0;
  $touched{$stream->[ID]} = $stream;
}

# Writes to Docker what it takes, gives the host credit for that, and ends what is to be ended.
sub write_docker {
  my ($stream) = @_;
  my $id = $stream->[ID];
  my $left = length $stream->[UNWRITTEN];
  if ($left) {
    my $wrote = $stream->[DEAF] ? $left : syswrite $stream->[SOCKET], $stream->[UNWRITTEN];
    if (!defined $wrote) {
      if ($! == EAGAIN || $! == EINTR) {
        $wrote = 0;
      } else {
        # What Docker answered before it closed its side may still be there to be read.
        $stream->[DEAF] = 1;
        $wrote = $left;
      }
    }
    $left -= $wrote;
    substr $stream->[UNWRITTEN], 0, $wrote, '';
    if (($stream->[OWED] += $wrote) >= PIECE) {
      $out .= pack 'aNNN', 'W', $id, 4, $stream->[OWED];
      $stream->[OWED] = 0;
    }
    $left > 2 * WINDOW and fail("the host sent more on stream $id than it had credit for");
  }
  if ($left) {
    $blocked{$id} = $stream;
    vec($to_docker, $stream->[FD], 1) = 1;
  } else {
    vec($to_docker, $stream->[FD], 1) = 0 if delete $blocked{$id};
    if ($stream->[HOST_ENDED]) {
      if ($stream->[DOCKER_ENDED]) { close_stream($stream) }
      elsif (!$stream->[DEAF]) { shutdown $stream->[SOCKET], SHUT_WR }
    }
  }
}

sub write_port {
  my $end = $quiet_from // length $out;
  $full = 0;
  while ($written < $end) {
    my $wrote = syswrite $port, $out, $end - $written, $written;
    if (defined $wrote) {
      $written += $wrote;
    } elsif ($! != EINTR) {
      # Without a host there is none to write to; reading tells when there is one.
      $! == EAGAIN || $! == EPIPE || fail("cannot write to the port: $!");
      $full = 1;
      last;
    }
  }
  if ($written == $end || $written > WINDOW) {
    substr $out, 0, $written, '';
    $quiet_from -= $written if defined $quiet_from;
    $written = 0;
  }
}

# "SECONDS.FRACTION SEED": sets the clock if it is more than a second off, and feeds the random generator, to which it does not matter
# in which letters the seed is written.
sub wake {
  my ($seconds, $fraction, $seed) = $_[0] =~ /^(\d+)\.(\d{1,9}) (\S+)$/ or fail('the host sent a time that is none');
  if (abs(time - $seconds) > 1) {
    # Debian's perl-base does not know the numbers of system calls.
    my $clock_settime = $Config{archname} =~ /^x86_64/ ? 227 : $Config{archname} =~ /^aarch64/ ? 112 : undef;
    defined $clock_settime or fail("cannot set the clock on $Config{archname}");
    my $time = pack 'q2', $seconds, $fraction . '0' x (9 - length $fraction);
    syscall($clock_settime, 0, $time) == 0 or fail("cannot set the clock: $!");
  }
  open my $random, '>', '/dev/urandom' or fail("cannot open /dev/urandom: $!");
  defined syswrite $random, $seed or fail("cannot write to /dev/urandom: $!");
}
