using Microsoft.Extensions.Logging;

namespace Libp2p.Node.Output;

/// <summary>A provider that is made when the first line is logged: many runs log none, and what writes logs takes long to load.</summary>
internal sealed class LateLoggerProvider(Func<ILoggerProvider> open) : ILoggerProvider
{
    private readonly Lazy<ILoggerProvider> _provider = new(open);

    public ILogger CreateLogger(string categoryName) => new Logger(_provider, categoryName);

    public void Dispose()
    {
        if (_provider.IsValueCreated) _provider.Value.Dispose();
    }

    private sealed class Logger(Lazy<ILoggerProvider> provider, string category) : ILogger
    {
        private ILogger? _logger;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            (_logger ??= provider.Value.CreateLogger(category)).Log(logLevel, eventId, state, exception, formatter);
    }
}
