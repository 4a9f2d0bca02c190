using System.Net.Sockets;

namespace Libp2p.Node.Control;

/// <summary>One client: its requests are answered one after the other, until it leaves, is too slow, sends too long a line, or the server stops.</summary>
internal sealed class ControlSession(Stream client, ControlVerbs verbs, TimeProvider time)
{
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            var requests = new LineReader(client, ControlLimits.MaxRequest);
            while (await ReadAsync(requests, stopping).ConfigureAwait(false) is { } request)
            {
                using var deadline = new CancellationTokenSource(ControlLimits.AnswerTimeout, time);
                var answer = await verbs.AnswerAsync(request, deadline.Token).ConfigureAwait(false);
                await WriteAsync(answer).ConfigureAwait(false);
            }
        }
        catch (LineTooLongException e)
        {
            await RefuseAsync(e.Message, "send one short object a line, as {\"verb\":\"status\"}.").ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // It left, or was too slow; there is nobody to tell.
        }
        finally
        {
            await client.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Answers without having been asked, and closes.</summary>
    public async Task RefuseAsync(string error, string hint)
    {
        try
        {
            await WriteAsync(ControlVerbs.Error(error, hint)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
        }
        finally
        {
            await client.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<byte[]?> ReadAsync(LineReader requests, CancellationToken stopping)
    {
        using var deadline = new CancellationTokenSource(ControlLimits.RequestTimeout, time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stopping);
        return await requests.ReadAsync(giveUp.Token).ConfigureAwait(false);
    }

    // Not cut short by a stop: the client that asked for it learns that it was heard.
    private async ValueTask WriteAsync(ReadOnlyMemory<byte> answer)
    {
        using var deadline = new CancellationTokenSource(ControlLimits.AnswerTimeout, time);
        await client.WriteAsync(answer, deadline.Token).ConfigureAwait(false);
    }
}
