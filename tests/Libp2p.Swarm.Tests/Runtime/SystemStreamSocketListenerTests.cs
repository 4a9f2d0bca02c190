using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Libp2p.Swarm.Tests.Runtime;

public sealed class SystemStreamSocketListenerTests
{
    private static readonly TimeSpan _watchdog = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(SocketError.ConnectionAborted)]
    [InlineData(SocketError.ConnectionReset)]
    [InlineData(SocketError.HostUnreachable)]
    [InlineData(SocketError.ProtocolOption)]
    public async Task A_connection_that_broke_while_waiting_is_passed_over(SocketError error)
    {
        using var script = new ScriptedAcceptor();
        await using var listener = new SystemStreamSocketListener(script, inline: false, TimeProvider.System);
        script.Fail(error);
        script.Fail(error);
        script.Deliver();
        await using var accepted = await listener.AcceptAsync().AsTask().WaitAsync(_watchdog);
        accepted.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets)]
    [InlineData(SocketError.NoBufferSpaceAvailable)]
    [InlineData(SocketError.SocketError)]
    public async Task Out_of_descriptors_waits_longer_each_time_and_recovers(SocketError error)
    {
        using var script = new ScriptedAcceptor();
        var time = new WatchedTime();
        await using var listener = new SystemStreamSocketListener(script, inline: false, time);
        const int times = 7;
        for (var i = 0; i < times; i++)
        {
            script.Fail(error);
        }

        var accepting = listener.AcceptAsync().AsTask();
        var pauses = new List<double>();
        for (var i = 0; i < times; i++)
        {
            var pause = await time.Timers.ReadAsync().AsTask().WaitAsync(_watchdog);
            pauses.Add(pause.TotalMilliseconds);
            script.Calls.ShouldBe(i + 1);
            time.Advance(pause);
        }

        script.Deliver();
        await using var accepted = await accepting.WaitAsync(_watchdog);
        accepted.ShouldNotBeNull();
        pauses.ShouldBe([50, 100, 200, 400, 800, 1000, 1000]);
    }

    [Fact]
    public async Task Disposing_ends_a_pause()
    {
        using var script = new ScriptedAcceptor();
        var time = new WatchedTime();
        var listener = new SystemStreamSocketListener(script, inline: false, time);
        script.Fail(SocketError.TooManyOpenSockets);
        var accepting = listener.AcceptAsync().AsTask();
        await time.Timers.ReadAsync().AsTask().WaitAsync(_watchdog);
        await listener.DisposeAsync();
        (await accepting.WaitAsync(_watchdog)).ShouldBeNull();
    }

    [Fact]
    public async Task An_error_without_remedy_is_told()
    {
        using var script = new ScriptedAcceptor();
        await using var listener = new SystemStreamSocketListener(script, inline: false, TimeProvider.System);
        script.Fail(SocketError.AccessDenied);
        (await Should.ThrowAsync<SocketException>(() => listener.AcceptAsync().AsTask())).SocketErrorCode.ShouldBe(SocketError.AccessDenied);
    }

    /// <summary>A clock that stands still and tells of the timers set.</summary>
    private sealed class WatchedTime : FakeTimeProvider
    {
        private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

        public ChannelReader<TimeSpan> Timers => _timers.Reader;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _timers.Writer.TryWrite(dueTime);
            return timer;
        }
    }

    private sealed class ScriptedAcceptor : IAcceptor
    {
        private readonly Channel<Func<Socket>> _script = Channel.CreateUnbounded<Func<Socket>>();
        private readonly ConcurrentBag<Socket> _made = [];
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public EndPoint Local { get; } = new IPEndPoint(IPAddress.Loopback, 1);

        public void Fail(SocketError error) => _script.Writer.TryWrite(() => throw new SocketException((int)error));

        public void Deliver() => _script.Writer.TryWrite(() =>
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _made.Add(client);
            client.Connect(listener.LocalEndPoint!);
            return listener.Accept();
        });

        public async ValueTask<Socket> AcceptAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _calls);
            return (await _script.Reader.ReadAsync(cancellationToken))();
        }

        public void Dispose()
        {
            foreach (var socket in _made)
            {
                socket.Dispose();
            }
        }
    }
}
