using System.Diagnostics;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.Channels;
using Libp2p.Architecture.Tests.Reading;
using Libp2p.Generators.Runtime;

namespace Libp2p.Architecture.Tests;

public class BannedApiTests
{
    [Fact]
    public void Plugins_and_the_swarm_take_time_randomness_continuations_and_sockets_from_the_runtime()
    {
        foreach (var name in (string[])["Libp2p.Swarm", .. Repository.Plugins.Select(static plugin => plugin.Name)])
        {
            BannedApis.Broken(AssemblyFacts.Of(name)).ShouldBeEmpty(name);
        }
    }

    [Fact]
    public void Every_exception_is_needed()
    {
        var uses = AssemblyFacts.Of("Libp2p.Swarm").Uses;
        foreach (var (caller, types, reason) in RuntimeRules.Exceptions)
        {
            reason.ShouldNotBeEmpty();
            foreach (var type in types) uses.ShouldContain(use => use.Caller == caller && use.Type == type && BannedApis.IsBanned(use), $"{caller} does not use {type} (any more)");
        }
    }

    [Fact]
    public void Every_ban_is_found_in_this_assembly_where_it_is_planted()
    {
        var found = BannedApis.Broken(AssemblyFacts.Of("Libp2p.Architecture.Tests")).Where(static use => use.Caller == typeof(Planted).FullName).Select(static use => $"{use.Type}.{use.Member}").Distinct().Order();
        found.ShouldBe(
        [
            "Libp2p.RandomSource.get_System",
            "System.DateTime.get_Now",
            "System.DateTime.get_UtcNow",
            "System.DateTimeOffset.get_UtcNow",
            "System.Diagnostics.Stopwatch.GetTimestamp",
            "System.Environment.get_TickCount64",
            "System.Guid.NewGuid",
            "System.IO.Pipelines.PipeScheduler.get_ThreadPool",
            "System.Net.Sockets.Socket..ctor",
            "System.Random..ctor",
            "System.Random.get_Shared",
            "System.Security.Cryptography.RandomNumberGenerator.Fill",
            "System.Threading.CancellationTokenSource..ctor",
            "System.Threading.CancellationTokenSource.CancelAsync",
            "System.Threading.Channels.Channel.CreateUnbounded",
            "System.Threading.PeriodicTimer..ctor",
            "System.Threading.SemaphoreSlim..ctor",
            "System.Threading.SemaphoreSlim.WaitAsync",
            "System.Threading.Tasks.Task.Delay",
            "System.Threading.Tasks.Task.Run",
            "System.Threading.Tasks.Task.WaitAsync",
            "System.Threading.Tasks.Task.Yield",
            "System.Threading.Tasks.TaskCompletionSource..ctor",
            "System.Threading.Tasks.TaskCompletionSource`1..ctor",
            "System.Threading.Tasks.TaskFactory.StartNew",
            "System.Threading.ThreadPool.QueueUserWorkItem",
            "System.Threading.Timer..ctor",
            "System.TimeProvider.get_System",
        ]);
    }

    [Fact]
    public void What_takes_a_clock_is_no_violation() =>
        BannedApis.Broken(AssemblyFacts.Of("Libp2p.Architecture.Tests")).ShouldNotContain(static use => use.Caller == typeof(Innocent).FullName);
}

/// <summary>Never run: everything that is banned, for the scanner to find.</summary>
internal static class Planted
{
    public static async Task<object[]> UseEverythingAsync()
    {
        await Task.Run(static () => { });
        await Task.Factory.StartNew(static () => { });
        await Task.Delay(1);
        await Task.CompletedTask.WaitAsync(TimeSpan.Zero);
        await Task.Yield();
        await new SemaphoreSlim(1).WaitAsync();
        await new CancellationTokenSource().CancelAsync();
        ThreadPool.QueueUserWorkItem(static _ => { });
        RandomNumberGenerator.Fill(new byte[1]);
        return
        [
            DateTime.Now, DateTime.UtcNow, DateTimeOffset.UtcNow, Stopwatch.GetTimestamp(), Environment.TickCount64, TimeProvider.System, Random.Shared, new Random(1), Guid.NewGuid(),
            RandomSource.System, PipeScheduler.ThreadPool, new CancellationTokenSource(TimeSpan.Zero), new PeriodicTimer(TimeSpan.MaxValue), new Timer(static _ => { }),
            new TaskCompletionSource(), new TaskCompletionSource<int>(), Channel.CreateUnbounded<int>(),
            new Socket(SocketType.Stream, ProtocolType.Tcp),
        ];
    }
}

/// <summary>Never run: the same with the clock handed in.</summary>
internal static class Innocent
{
    public static async Task<object[]> UseTheClockAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        await Task.Factory.StartNew(static () => { }, cancellationToken, TaskCreationOptions.None, TaskScheduler.Current);
        await Task.CompletedTask.WaitAsync(TimeSpan.Zero, time, cancellationToken);
        await Task.CompletedTask.WaitAsync(cancellationToken);
        return [new CancellationTokenSource(TimeSpan.Zero, time), new CancellationTokenSource(), time.GetUtcNow()];
    }
}
