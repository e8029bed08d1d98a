
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('email', models.EmailField(blank=True, default='', max_length=254, verbose_name='宛先')),
                ('case_number', models.CharField(blank=True, default='', max_length=20, verbose_name='受付番号')),
                ('letter', models.CharField(max_length=60, verbose_name='文面')),
                ('letter_digest', models.CharField(max_length=64)),
                ('lang', models.CharField(max_length=10, verbose_name='言語')),
                ('channels', models.JSONField(verbose_name='届け方')),
                ('subject', models.CharField(max_length=300, verbose_name='件名')),
                ('body', models.TextField(verbose_name='本文')),
                ('late', models.JSONField(default=dict, verbose_name='届ける時に入る値')),
                ('dedupe_key', models.CharField(blank=True, max_length=150, null=True, unique=True)),
                ('created_at', models.DateTimeField(verbose_name='作成日時')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='開封日時')),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'お知らせ',
                'verbose_name_plural': 'お知らせ',
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='DeliveryAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=20, verbose_name='届け方')),
                ('at', models.DateTimeField(verbose_name='日時')),
                ('result', models.CharField(choices=[('sent', '届けた'), ('failed', '失敗（再試行）'), ('given_up', '届けられない')], max_length=10, verbose_name='結果')),
                ('error_class', models.CharField(blank=True, default='', max_length=100, verbose_name='誤りの種類')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='notices.notice')),
            ],
            options={
                'verbose_name': '配達の試み',
                'verbose_name_plural': '配達の試み',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['account', '-created_at'], name='notices_feed'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['case_number', '-created_at'], name='notices_case'),
        ),
        migrations.AddConstraint(
            model_name='deliveryattempt',
            constraint=models.UniqueConstraint(condition=models.Q(('result', 'sent')), fields=('notice', 'channel'), name='notices_sent_once'),
        ),
    ]
