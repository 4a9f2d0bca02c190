using Libp2p.Swarm.Resources;

namespace Libp2p.Swarm.Tests.Resources;

public class GovernorTests
{
    private static ResourceGovernor Make(long memory = 1 << 20, long perConnection = 512 << 10) =>
        new(new ResourceOptions { Memory = memory, MemoryPerConnection = perConnection, MaxConnections = 2, MaxStreams = 3, MaxStreamsPerConnection = 2 });

    [Fact]
    public void What_a_stream_reserves_counts_above_it_and_comes_back_whoever_closes_first()
    {
        using var governor = Make();
        governor.TryAdmitConnection(out var connection, out _).ShouldBeTrue();
        var stream = connection!.ForStream();
        stream.TryReserve(1000, ReservationPriority.High, out _).ShouldBeTrue();
        stream.Reserved.ShouldBe(1000);
        connection.Reserved.ShouldBe(1000 + ResourceGovernor.ConnectionPrice);
        governor.Reserved.ShouldBe(connection.Reserved);
        connection.Dispose();
        governor.Reserved.ShouldBe(0);
        stream.Release(400);
        stream.Dispose();
        stream.Dispose();
        governor.Reserved.ShouldBe(0);
        governor.Connections.ShouldBe(0);
        stream.TryReserve(1, ReservationPriority.High, out var why).ShouldBeFalse();
        why!.Scope.ShouldContain("closed");
        connection.ForStream().TryReserve(1, ReservationPriority.High, out _).ShouldBeFalse();
        governor.Reserved.ShouldBe(0);
    }

    [Fact]
    public void Optional_work_is_refused_first()
    {
        using var governor = Make();
        governor.TryAdmitConnection(out var connection, out _).ShouldBeTrue();
        using var scope = connection!;
        scope.TryReserve(300 << 10, ReservationPriority.High, out _).ShouldBeTrue();
        scope.TryReserve(20 << 10, ReservationPriority.Low, out var low).ShouldBeFalse();
        low!.Option.ShouldBe("Resources:MemoryPerConnection");
        scope.TryReserve(20 << 10, ReservationPriority.Medium, out _).ShouldBeTrue();
        scope.TryReserve(90 << 10, ReservationPriority.Medium, out _).ShouldBeFalse();
        scope.TryReserve(90 << 10, ReservationPriority.High, out _).ShouldBeTrue();
        scope.TryReserve(long.MaxValue, ReservationPriority.High, out var high).ShouldBeFalse();
        high!.ToString().ShouldContain("Raise Resources:");
        scope.Reserved.ShouldBe((410 << 10) + ResourceGovernor.ConnectionPrice);
    }

    [Fact]
    public void Counts_are_limited_and_say_which_option_limits_them()
    {
        using var governor = Make();
        governor.TryAdmitConnection(out var first, out _).ShouldBeTrue();
        governor.TryAdmitConnection(out var second, out _).ShouldBeTrue();
        governor.TryAdmitConnection(out _, out var why).ShouldBeFalse();
        why!.ToString().ShouldBe("node: 1 connections asked, 2 of 2 in use. Raise Resources:MaxConnections to allow more.");
        first!.TryAdmitStream(0, out _).ShouldBeTrue();
        first.TryAdmitStream(1, out _).ShouldBeTrue();
        first.TryAdmitStream(2, out why).ShouldBeFalse();
        why!.Option.ShouldBe("Resources:MaxStreamsPerConnection");
        second!.TryAdmitStream(0, out _).ShouldBeTrue();
        second.TryAdmitStream(1, out why).ShouldBeFalse();
        why!.Option.ShouldBe("Resources:MaxStreams");
        first.ReturnStreams(2);
        second.ReturnStreams(1);
        governor.Streams.ShouldBe(0);
        first.Dispose();
        second.Dispose();
        governor.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task Counters_are_zero_after_any_race()
    {
        using var governor = new ResourceGovernor(new ResourceOptions { Memory = 1 << 20 });
        for (var round = 0; round < 200; round++)
        {
            governor.TryAdmitConnection(out var connection, out _).ShouldBeTrue();
            using var start = new ManualResetEventSlim();
            var users = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    using var stream = connection!.ForStream();
                    start.Wait();
                    for (var i = 0; i < 50; i++)
                    {
                        if (stream.TryReserve(100, ReservationPriority.High, out var _) && i % 2 == 0) stream.Release(100);
                    }
                },
                TaskCreationOptions.LongRunning)).ToArray();
            start.Set();
            connection!.Dispose();
            await Task.WhenAll(users);
            governor.Reserved.ShouldBe(0);
            governor.Connections.ShouldBe(0);
        }
    }
}
