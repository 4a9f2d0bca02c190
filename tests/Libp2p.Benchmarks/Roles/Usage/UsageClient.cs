using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Roles.Usage;

/// <summary>Takes what both sides use while something runs.</summary>
internal sealed class UsageClient : IDisposable
{
    private readonly Socket? _server;

    /// <summary>Port 0: the server is a program that does not tell.</summary>
    public UsageClient(int port)
    {
        if (port == 0) return;
        _server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _server.Connect(IPAddress.Loopback, port);
    }

    /// <summary>Runs it; returns the seconds it took, and puts what it cost into the sample.</summary>
    public async Task<double> MeterAsync(Sample sample, double amount, Func<Task> work)
    {
        var server = ServerSpending();
        var dialer = Spending.Now;
        var started = Stopwatch.GetTimestamp();
        await work().ConfigureAwait(false);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        dialer = Spending.Now - dialer;
        sample.Set(Sample.Amount, amount);
        sample.Set(Sample.AllocatedDialer, dialer.Allocated);
        if (ServerSpending() is { } after && server is { } before)
        {
            sample.Set(Sample.Cpu, dialer.CpuSeconds + (after - before).CpuSeconds);
            sample.Set(Sample.AllocatedServer, (after - before).Allocated);
        }

        return seconds;
    }

    public Footprint ServerFootprint()
    {
        Span<byte> answer = stackalloc byte[Footprint.Size];
        Ask(UsageServer.AskFootprint, answer);
        return Footprint.Read(answer);
    }

    public void Dispose() => _server?.Dispose();

    private Spending? ServerSpending()
    {
        if (_server is null) return null;
        Span<byte> answer = stackalloc byte[Spending.Size];
        Ask(UsageServer.AskSpending, answer);
        return Spending.Read(answer);
    }

    private void Ask(byte question, Span<byte> answer)
    {
        if (_server is null) throw new InvalidOperationException("the server does not tell what it uses");
        _server.Send([question]);
        for (var read = 0; read < answer.Length;)
        {
            var some = _server.Receive(answer[read..]);
            if (some == 0) throw new EndOfStreamException("the server ended");
            read += some;
        }
    }
}
