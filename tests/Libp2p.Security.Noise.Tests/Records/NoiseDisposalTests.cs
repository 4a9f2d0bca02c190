using Libp2p.TestKit;

namespace Libp2p.Security.Noise.Tests.Records;

public sealed class NoiseDisposalTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Row18_A_connection_that_ends_under_its_loops_sends_no_foreign_byte_and_takes_nobody_with_it(bool dispose)
    {
        for (var round = 0; round < 30; round++)
        {
            NoiseWriterTests.Poison();
            await using var pair = SecuredPair.Create(new BytePairOptions { Capacity = 256 * 1024 });
            var going = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var writing = Task.Run(() => EndsAsync(() => WriteAsync(pair.Dialer)));
            var echoing = Task.Run(() => EndsAsync(() => WriteAsync(pair.Listener)));
            var reading = Task.Run(() => EndsAsync(() => ReadAsync(pair.Dialer, null)));
            var receiving = Task.Run(() => EndsAsync(() => ReadAsync(pair.Listener, going)));
            await going.Task.Within();
            if (dispose)
            {
                await pair.Dialer.DisposeAsync().Within();
            }
            else
            {
                pair.Dialer.Abort(null);
            }

            pair.Listener.Abort(null);
            await Task.WhenAll(writing, echoing, reading, receiving).Within();
        }
    }

    private static async Task WriteAsync(NoiseConnection connection)
    {
        var gather = (IGatherWriter)connection.GetFeature(typeof(IGatherWriter))!;
        var body = new byte[5000];
        body.AsSpan().Fill(1);
        while (true)
        {
            connection.Output.GetSpan(1000)[..900].Fill(1);
            connection.Output.Advance(900);
            gather.Append(body);
            await connection.Output.FlushAsync();
        }
    }

    private static async Task ReadAsync(NoiseConnection connection, TaskCompletionSource? going)
    {
        while (true)
        {
            var read = await connection.Input.ReadAsync();
            foreach (var piece in read.Buffer)
            {
                if (piece.Span.ContainsAnyExcept((byte)1))
                {
                    throw new InvalidDataException("A byte that nobody sent.");
                }
            }

            connection.Input.AdvanceTo(read.Buffer.End);
            going?.TrySetResult();
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private static async Task EndsAsync(Func<Task> loop)
    {
        try
        {
            await loop();
        }
        catch (Exception e) when (e is Libp2pException or InvalidOperationException)
        {
            // An ended connection, or the wire's own word for a completed side.
        }
    }
}
