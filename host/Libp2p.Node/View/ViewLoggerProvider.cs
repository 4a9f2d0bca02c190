using Microsoft.Extensions.Logging;

namespace Libp2p.Node.View;

/// <summary>Logs at warning and above become events of the view, rather than lines across it.</summary>
internal sealed class ViewLoggerProvider(ViewEvents events) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(events, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
    }

    private sealed class Logger(ViewEvents events, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and < LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var text = $"! {category}: {formatter(state, exception)}";
            if (exception is not null) text += $" ({exception.GetType().Name}: {exception.Message})";
            events.Add(logLevel == LogLevel.Warning ? ViewEventKind.Warning : ViewEventKind.Error, text);
        }
    }
}
