using Libp2p.Muxers.Yamux;
using Libp2p.Muxers.Yamux.Streams;
using Libp2p.TestKit;

namespace Libp2p.Planted.Tests;

/// <summary>One end of a connection: it talks on streams of its own, answers on those of the other, and what must hold of it can be looked at.</summary>
internal sealed class YamuxEnd(Simulation simulation, WatchedBytes wire, IMuxedConnection connection, TestScope scope)
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(0.5);

    private readonly Dictionary<ulong, Talk> _talks = [];

    public static YamuxOptions Options { get; } = new() { WriteTimeout = TimeSpan.FromSeconds(3), KeepAliveInterval = TimeSpan.FromMinutes(10), SendBufferSize = 64 * 1024, MaxGrownCredit = 512 * 1024 };

    public async Task ServeAsync()
    {
        while (await connection.AcceptStreamAsync() is YamuxStream stream) _ = AnswerAsync(stream);
    }

    /// <summary>Talks on one stream after the other while there is time.</summary>
    public async Task TalkAsync(PlannedSimulation run)
    {
        try
        {
            while (run.HasTime)
            {
                var stream = (YamuxStream)await connection.OpenStreamAsync();
                await ConverseAsync(stream);
                await simulation.Delay(TimeSpan.FromMilliseconds(simulation.Random.Next(100)));
            }
        }
        catch (Libp2pException)
        {
            // The connection is gone.
        }
    }

    /// <exception cref="InvalidOperationException">Something does not hold.</exception>
    public void Check(YamuxEnd other)
    {
        if (connection.Completion.IsCompleted) return;
        if (simulation.Now - wire.SendingSince > Options.WriteTimeout + Slack) throw new InvalidOperationException("A send goes on beyond its deadline.");
        foreach (var talk in _talks.Values.Where(static talk => !talk.IsOver))
        {
            var isOwed = talk.WritingSince is not null && talk.Stream.SendWindow == 0 && other.OwesCredit(talk.Stream.Id);
            talk.CreditOwedSince = isOwed ? talk.CreditOwedSince ?? simulation.Now : null;
            if (simulation.Now - talk.CreditOwedSince > Slack) throw new InvalidOperationException("A writer waits for credit that the reader owes.");
            var isIgnored = talk.WritingSince is not null && talk.Stream.SendWindow > 0 && SendingSince is null;
            talk.RoomIgnoredSince = isIgnored ? talk.RoomIgnoredSince ?? simulation.Now : null;
            if (simulation.Now - talk.RoomIgnoredSince > Slack) throw new InvalidOperationException("A writer sleeps though there is room.");
        }
    }

    public async Task CloseAsync()
    {
        await connection.DisposeAsync();
        await simulation.Delay(TimeSpan.FromSeconds(1));
        if (scope.Reserved != 0) throw new InvalidOperationException("A connection that is gone still has bytes reserved.");
    }

    private TimeSpan? SendingSince => wire.SendingSince;

    private bool OwesCredit(ulong id) => _talks.TryGetValue(id, out var talk) && talk.Stream.Input.OwesCredit;

    private async Task ConverseAsync(YamuxStream stream)
    {
        var talk = _talks[stream.Id] = new Talk(stream, simulation);
        var reading = talk.ReadAsync(static () => Task.CompletedTask);
        try
        {
            for (var left = 1 + simulation.Random.Next(12); left > 0; left--)
            {
                await talk.WriteAsync(Length());
                if (simulation.Random.Next(4) == 0) await simulation.Delay(TimeSpan.FromMilliseconds(simulation.Random.Next(60)));
            }

            // Most say what they have to say; some are fed up.
            if (simulation.Random.Next(40) == 0) stream.Abort(StreamSide.Both, StreamErrorCode.None);
            else await stream.Output.CompleteAsync();
            await reading;
        }
        catch (StreamResetException)
        {
            // By either end: of that both ends must come back.
        }
    }

    private async Task AnswerAsync(YamuxStream stream)
    {
        var talk = _talks[stream.Id] = new Talk(stream, simulation);
        try
        {
            await talk.ReadAsync(() => simulation.Random.Next(3) switch
            {
                0 => talk.WriteAsync(Length()),
                1 => talk.WriteAsync(simulation.Random.Next(10)),
                _ => Task.CompletedTask,
            });
            await stream.Output.CompleteAsync();
        }
        catch (StreamResetException)
        {
        }
    }

    /// <summary>Mostly short; at most what half of the first window takes: who reads whole messages gives no credit before.</summary>
    private int Length() => simulation.Random.Next(3) == 0 ? simulation.Random.Next(120_000) : simulation.Random.Next(1 << simulation.Random.Next(15));
}
